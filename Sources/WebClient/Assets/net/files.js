import { Refused } from "./http.js";

/** @typedef {{id: string, name: string, type: string, bytes: number, width?: number, height?: number}} StoredFile */

/**
 * Uploads one file for a room; the server decides by its content what it is. Not by `fetch`, which does not tell how
 * far it is.
 *
 * @param {File} file
 * @param {number} room
 * @param {(share: number) => void} progress Told of every step, from 0 to 1.
 * @returns {{stored: Promise<StoredFile>, abort: () => void}}
 */
export function uploadFile(file, room, progress) {
  const request = new XMLHttpRequest();
  request.open("POST", "/v1/files");
  request.responseType = "json";
  request.setRequestHeader("content-type", "application/octet-stream");
  request.setRequestHeader("lyceum-room", String(room));
  request.setRequestHeader("lyceum-file-name", encodeURIComponent(file.name));
  request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
  const stored = new Promise((resolve, reject) => {
    request.onload = () => {
      if (request.status === 201) resolve(request.response);
      else reject(new Refused({ code: "internal", ...request.response }));
    };
    request.onerror = () => reject(new Refused({ code: "offline", retryable: true }));
  });
  request.send(file);
  return { stored, abort: () => request.abort() };
}
