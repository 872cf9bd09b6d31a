// The least contrast of any text on the page with what is behind it (WCAG 2.2, relative luminance and contrast ratio).
const numbers = color => (color.match(/[\d.]+/g) ?? []).map(Number);
const luminance = color => {
  const [r, g, b] = color.slice(0, 3).map(value => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = element => {
  for (let each = element; each; each = each.parentElement) {
    const color = numbers(getComputedStyle(each).backgroundColor);
    if (color.length === 3 || color[3] > 0) {
      return color;
    }
  }
  return [255, 255, 255];
};
let worst = {ratio: 21, text: ''};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.textContent.trim();
  if (!text || !element.checkVisibility({visibilityProperty: true}) || element.closest('.unseen, noscript')) {
    continue;
  }
  const one = luminance(numbers(getComputedStyle(element).color));
  const other = luminance(behind(element));
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (ratio < worst.ratio) {
    worst = {ratio, text: text.slice(0, 60)};
  }
}
return worst;
