import { handleKey } from "./lib/keymap.js";
import { installAnnouncer } from "./view/announcer.js";
import { installNotices } from "./view/notify.js";
import { applyLanguage, applyTheme } from "./view/settings.js";
import { Shell } from "./view/shell.js";

applyTheme();
applyLanguage();
document.addEventListener("keydown", handleKey);
installAnnouncer();
installNotices();
new Shell().start();
