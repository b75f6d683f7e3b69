import { Refused } from "./http.js";

/**
 * Uploads one file for a room; the server decides by its content what it is.
 *
 * @param {File} file
 * @param {number} room
 * @returns {Promise<{id: string, name: string, type: string, bytes: number, width?: number, height?: number}>}
 */
export async function uploadFile(file, room) {
  let response;
  try {
    response = await fetch("/v1/files", {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "content-type": "application/octet-stream",
        "lyceum-room": String(room),
        "lyceum-file-name": encodeURIComponent(file.name),
      },
      body: file,
    });
  } catch {
    throw new Refused({ code: "offline", retryable: true });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused({ code: "internal", ...answer });
  return answer;
}
