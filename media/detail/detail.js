// The script of the detail view. It is sent trees of elements and texts (core/src/live/detail/html.ts), and makes the page like them: what is
// the same stays as it is, with its focus and its place. It never reads a text as HTML, and makes only elements and attributes it may.
(() => {
  const vscode = acquireVsCodeApi();
  const root = document.getElementById('detail');
  const allowed = (name) => new Set(root.dataset[name].split(' '));
  const htmlTags = allowed('html');
  const svgTags = allowed('svg');
  const attributeNames = allowed('attributes');
  const SVG = 'http://www.w3.org/2000/svg';
  const TEXT_NODE = 3;

  function make(node) {
    if (typeof node === 'string') return document.createTextNode(node);
    const isSvg = svgTags.has(node.tag);
    if (!isSvg && !htmlTags.has(node.tag)) return document.createTextNode('');
    const element = isSvg ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
    setAttributes(element, node.attributes);
    for (const child of node.children) element.appendChild(make(child));
    return element;
  }

  function setAttributes(element, attributes) {
    for (const name of element.getAttributeNames()) {
      // Whoever reads has opened it.
      if (!(name in attributes) && name !== 'open') element.removeAttribute(name);
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (attributeNames.has(name) && element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
  }

  const isSame = (present, node) => {
    if (typeof node === 'string') return present.nodeType === TEXT_NODE;
    if (present.nodeType === TEXT_NODE) return false;
    return (
      present.localName === node.tag && (present.getAttribute('data-key') ?? '') === (node.attributes['data-key'] ?? '')
    );
  };

  function patch(parent, nodes) {
    nodes.forEach((node, index) => {
      let present = parent.childNodes[index];
      if (present !== undefined && !isSame(present, node)) {
        // What moved is moved, so that it keeps its focus; what is new is put in between.
        const found =
          typeof node === 'string'
            ? undefined
            : [...parent.childNodes].slice(index + 1).find((other) => isSame(other, node));
        parent.insertBefore(found ?? make(node), present);
        present = parent.childNodes[index];
      }
      if (present === undefined) parent.appendChild(make(node));
      else update(present, node);
    });
    while (parent.childNodes.length > nodes.length) parent.removeChild(parent.childNodes[nodes.length]);
  }

  function update(present, node) {
    if (typeof node === 'string') {
      if (present.textContent !== node) present.textContent = node;
      return;
    }
    setAttributes(present, node.attributes);
    patch(present, node.children);
  }

  // The harmless answer of a page that asks something: first in focus, and what Escape stands for.
  const harmless = () => root.querySelector?.('[data-default]');
  let isShown = false;

  // What had the focus may be gone: a button that was pressed. The keyboard goes on at the harmless answer, else at the row of buttons, on
  // none of them, so that Enter does nothing that nobody has chosen.
  let isLost = false;
  function recoverFocus() {
    if (!isLost || !document.hasFocus?.()) return;
    isLost = false;
    const goOn = harmless() ?? root.querySelector('[data-key="actions"]');
    if (document.activeElement === document.body) goOn?.focus({ preventScroll: true });
  }

  // What the editor gives back when the page is shown again after the window was loaded anew.
  const keep = (state) => {
    if (state !== undefined) vscode.setState(state);
  };

  window.addEventListener('message', ({ data }) => {
    if (data?.type !== 'render') return;
    const held = document.activeElement;
    const wasHere = held && root.contains(held);
    patch(root, [data.tree]);
    if (wasHere && !root.contains(held)) isLost = true;
    keep(data.state);
    if (!isShown && document.hasFocus?.()) harmless()?.focus();
    isShown = true;
    recoverFocus();
  });
  root.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-action]');
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    vscode.postMessage({ type: 'action', action: button.getAttribute('data-action') });
  });
  root.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') harmless()?.click();
  });
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body) harmless()?.focus();
    recoverFocus();
  });
  vscode.postMessage({ type: 'ready' });
})();
