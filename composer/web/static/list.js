import { listen, redraw } from "./live.js";

listen(document.body.dataset.live, () => redraw(["list", "sentence"]));
// A mailing is scheduled in the terminal, and no file tells: look again when its reader comes back.
addEventListener("focus", () => redraw(["list", "sentence"]).catch(() => {}));
