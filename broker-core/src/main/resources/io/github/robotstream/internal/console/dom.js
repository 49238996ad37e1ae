/** Makes elements without markup in strings: what comes from a robot is text, never HTML. */

export function byId(id) {
  return document.getElementById(id);
}

/** An element with properties (class, on…, dataset, aria-…), and children: elements, texts, or nothing. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(element.dataset, value);
    else if (name in element && !name.includes('-')) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only where it changes: layout is what costs. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let toastTimer;

export function toast(text) {
  const element = byId('toast');
  element.textContent = text;
  element.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove('shown'), 4000);
}

/** Calls at most so often, at times when the screen is drawn, and not while the page is hidden. */
export function paced(everyMs, paint) {
  let asked = false;
  let last = 0;
  const frame = (now) => {
    if (now - last < everyMs - 4) {
      requestAnimationFrame(frame);
      return;
    }
    asked = false;
    last = now;
    paint();
  };
  return () => {
    if (asked) return;
    asked = true;
    const wait = everyMs - (performance.now() - last);
    if (wait > 20) setTimeout(() => requestAnimationFrame(frame), wait - 10);
    else requestAnimationFrame(frame);
  };
}

/** A row of buttons of which one is chosen. */
export function segments(container, choices, chosen, onChoose) {
  const choose = (value) => {
    for (const button of container.children) button.setAttribute('aria-pressed', button.dataset.value === String(value));
  };
  container.replaceChildren(...choices.map(([value, label]) => h('button', {
    type: 'button', dataset: { value: String(value) }, onclick: () => (choose(value), onChoose(value)),
  }, label)));
  choose(chosen);
  return choose;
}
