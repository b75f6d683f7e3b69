export function reviewPage() { return document.createElement("div"); }
