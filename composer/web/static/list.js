import { listen, redraw } from "./live.js";

listen(document.body.dataset.live, () => redraw(["list"]));
