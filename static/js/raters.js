// The dialogs in which raters are named.
import { startPicker } from "./picker.js";

for (const input of document.querySelectorAll("[data-people]")) startPicker(input);
