export function dashboardPage() { return document.createElement("div"); }
