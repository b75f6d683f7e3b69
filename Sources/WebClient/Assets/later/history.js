export function historyView() { return document.createElement("div"); }
