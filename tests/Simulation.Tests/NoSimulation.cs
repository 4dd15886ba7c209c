// On Microsoft Orleans there is nothing to simulate; the project only has to build.
return 0;
