// Elements that stick out of their section, in words; empty when there are none.
const wrong = [];
for (const section of document.querySelectorAll('section')) {
  const edge = section.getBoundingClientRect().right;
  for (const element of section.querySelectorAll('*:not(.unseen)')) {
    const box = element.getBoundingClientRect();
    if (box.width > 0 && box.right > edge + 0.5 && !element.closest('.unseen, svg')) {
      wrong.push(`${element.tagName} "${element.textContent.slice(0, 30)}"`);
    }
  }
}
return wrong.join(', ');
