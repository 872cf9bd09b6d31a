// Elements with text. Nothing here, or anywhere on this page, takes markup.

/** @param content a text, an element, or a list of both */
export function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  for (const part of Array.isArray(content) ? content : [content]) {
    made.append(part instanceof Node ? part : String(part));
  }
  return made;
}

export function cell(name, content, attributes) {
  return element(name, content, attributes);
}

export function row(cells, attributes) {
  return element('tr', cells, attributes);
}
