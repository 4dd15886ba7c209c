import { render } from "preact";
import { App } from "./app";
import "./styles/base.css";
import "./styles/lobby.css";
import "./styles/room.css";

render(<App />, document.getElementById("app")!);
