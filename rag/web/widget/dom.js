// One way to make elements: properties, attributes where there is no property, children. Strings become text nodes.

const ATTRIBUTES = /^(aria-|role$|for$|part$)/;

export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (ATTRIBUTES.test(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(label, className, onclick) {
  return make("button", { type: "button", textContent: label, className, onclick });
}

/** A link to another page, in a tab of its own that knows nothing of this one. */
export function outward(href, properties, ...children) {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer", ...properties }, ...children);
}
