import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { dialog } from "./parts.js";

/** @typedef {{id: string, name: string, type: string, bytes: number, width?: number, height?: number}} Attachment */

/** Widest and highest that an image is shown, in CSS pixels. */
const box = { width: 400, height: 300 };

/** An image with its place kept before it arrives, a film or a sound to play, or a file to save. @param {Attachment} attachment */
export function attachmentView(attachment) {
  const address = `/v1/files/${encodeURIComponent(attachment.id)}`;
  const player = playerOf(attachment.type ?? "");
  if (player) return playButton(player, attachment, address);
  if (attachment.type?.startsWith("image/") && attachment.width && attachment.height) {
    const scale = Math.min(1, box.width / attachment.width, box.height / attachment.height);
    const look = (/** @type {MouseEvent} */ event) => {
      // With a modifier the browser opens it as any other link.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const name = attachment.name || t("image");
      dialog(name, () => h("img", { src: address, alt: name, class: "whole-image" }), "wide");
    };
    return h(
      "a",
      { href: address, target: "_blank", rel: "noopener", class: "image", on: { click: look } },
      h("img", {
        src: address,
        alt: attachment.name || t("image"),
        loading: "lazy",
        decoding: "async",
        width: Math.round(attachment.width * scale),
        height: Math.round(attachment.height * scale),
      }),
    );
  }
  return fileLink(attachment, address);
}

/** What plays files of a type, if anything does. @param {string} type @returns {"video" | "audio" | null} */
function playerOf(type) {
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") || type === "application/ogg" ? "audio" : null;
}

/**
 * Opens a player over the page: in the log it would be drawn anew, and fall silent, at the next reaction.
 *
 * @param {"video" | "audio"} player
 * @param {Attachment} attachment
 * @param {string} address
 */
function playButton(player, attachment, address) {
  const name = attachment.name || t("play");
  const play = () =>
    dialog(name, () => [
      h(player, { src: address, controls: true, autoplay: true, class: "whole-image player", "aria-label": name }),
      fileLink(attachment, address),
    ], "wide");
  return h(
    "button",
    { type: "button", class: "file", "aria-label": `${t("play")}: ${name}`, on: { click: play } },
    icon("play"),
    name,
    h("span", { class: "hint" }, size(attachment.bytes)),
  );
}

/** @param {Attachment} attachment @param {string} address */
function fileLink(attachment, address) {
  return h(
    "a",
    { href: address, download: attachment.name, class: "file" },
    icon("attach"),
    attachment.name,
    h("span", { class: "hint" }, size(attachment.bytes)),
  );
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
