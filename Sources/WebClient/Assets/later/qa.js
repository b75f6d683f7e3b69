export function qaPage() { return document.createElement("div"); }
