global using RedNote.Frontend.Tests.Node;
