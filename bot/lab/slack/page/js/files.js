/** A field for files: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element */

import { giveFile } from "./api.js";
import { h } from "./dom.js";
import { toast } from "./toast.js";

/** Each chosen file goes to the lab at once, as Slack takes it before the modal is submitted. */
export function files(spec, blockId, surface) {
  const most = spec.max_files ?? 10;
  let given = [];
  const told = h("small", { role: "status" });
  const control = h("input", {
    class: "field", type: "file", multiple: most > 1,
    accept: spec.filetypes?.map((kind) => `.${kind}`).join(","),
    "data-action-id": spec.action_id, "data-block-id": blockId,
  });
  control.addEventListener("change", async () => {
    given = [];
    told.textContent = "Uploading ...";
    const taken = await Promise.all([...control.files].slice(0, most).map(giveFile));
    if (taken.includes(null)) toast("The lab did not take the file. Is it running?", "bad");
    given = taken.filter(Boolean);
    told.textContent = given.length ? "Uploaded" : "";
  });
  surface.register(blockId, spec, () => ({ files: given }));
  return h("div", { class: "file-field" }, control, told);
}
