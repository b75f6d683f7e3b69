export function discoverPage() { return document.createElement("div"); }
