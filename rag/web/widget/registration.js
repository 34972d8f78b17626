// Makes <parley-chat> known to the page. Served as /widget.js, with the other modules under /widget/: that is why the
// import is not of a neighbour in this folder.
import { ParleyChat } from "./widget/element.js";

if (!customElements.get("parley-chat")) customElements.define("parley-chat", ParleyChat);
