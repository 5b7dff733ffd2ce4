/** Pictures and files of a message. */

import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

/** A picture. The page loads none from outside the lab, so a lost one shows its description. */
export function picture(spec, className) {
  const address = spec.image_url ?? spec.slack_file?.url;
  const lost = () => h("span", { class: `lost-image ${className}`, role: "img" },
    icon("file", 16), spec.alt_text || "Picture");
  const url = address && safeUrl(address);
  if (!url) return lost();
  const image = h("img", { class: className, src: url, alt: spec.alt_text ?? "", loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(lost()), { once: true });
  return image;
}

/** The files of a message, each a card that downloads it. */
export function fileCards(files) {
  return h("div", { class: "files" }, files.map(fileCard));
}

function fileCard(file) {
  const url = file.url_private_download && safeUrl(file.url_private_download);
  const title = file.title || file.name;
  const details = [title !== file.name && file.name, size(file.size)].filter(Boolean);
  return h("a", { class: "file", href: url, download: file.name, "data-file-id": file.id },
    h("span", { class: "file-icon" }, icon("file", 20), h("b", {}, extension(file.name))),
    h("span", { class: "file-words" },
      h("strong", {}, title),
      h("small", {}, details.join(" \u{b7} "))),
    icon("download", 18));
}

function extension(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1, dot + 5).toLowerCase() : "";
}

function size(bytes) {
  if (bytes === undefined) return null;
  if (bytes < 1000) return `${bytes} bytes`;
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${amount.toFixed(1)} ${unit}`;
}
