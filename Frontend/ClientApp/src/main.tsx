import { render } from "preact";
import { App } from "./app";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/lobby.css";
import "./styles/room.css";
import "./styles/chat.css";
import "./styles/deck.css";
import "./styles/cards.css";
import "./styles/card-lists.css";
import "./styles/deals.css";
import "./styles/orders.css";
import "./styles/stage-top.css";
import "./styles/console.css";
import "./styles/replay.css";
import "./styles/room-wide.css";

render(<App />, document.getElementById("app")!);
