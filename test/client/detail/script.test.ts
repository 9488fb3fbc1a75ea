import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, test } from 'vitest';
import { attributeNames, element, htmlTags, svgTags, type DetailNode } from '#core/live/detail/html.ts';
import { SmallNode } from './smallDocument.ts';

const script = readFileSync(new URL('../../../media/detail/detail.js', import.meta.url), 'utf8');

let root: SmallNode;
let page: SmallNode;
let posted: unknown[];
let kept: unknown[];
/** What has the focus in the page, and whether the page has it in the editor. */
let focus: { activeElement: unknown; body: unknown; hasFocus: () => boolean };

beforeEach(() => {
  root = new SmallNode('main');
  root.dataset['html'] = htmlTags.join(' ');
  root.dataset['svg'] = svgTags.join(' ');
  root.dataset['attributes'] = attributeNames.join(' ');
  page = new SmallNode('window');
  posted = [];
  kept = [];
  const body = new SmallNode('body');
  focus = { activeElement: body, body, hasFocus: () => true };
  runInNewContext(script, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => posted.push(message),
      setState: (state: unknown) => kept.push(state),
    }),
    document: Object.assign(focus, {
      getElementById: () => root,
      createTextNode: (text: string) => new SmallNode('', text),
      createElement: (tag: string) => new SmallNode(tag),
      createElementNS: (namespace: string, tag: string) => new SmallNode(tag, '', namespace),
    }),
    window: page,
  });
});

const render = (tree: unknown): void => page.fire('message', { data: { type: 'render', tree } });

const item = (name: string, text = name): DetailNode => element('li', { 'data-key': name }, text);

const items = (): SmallNode[] => root.childNodes[0]?.childNodes ?? [];

describe('the script of the detail view', () => {
  test('says that it is ready', () => {
    expect(posted).toEqual([{ type: 'ready' }]);
  });

  test('makes what it is sent, pictures in their own namespace', () => {
    render(element('p', { class: 'a' }, 'one ', element('svg', {}, element('rect', { x: 1 }))));
    const [made] = root.childNodes;
    expect([made?.localName, made?.getAttribute('class'), made?.textContent]).toEqual(['p', 'a', 'one ']);
    const [, svg] = made?.childNodes ?? [];
    expect([svg?.namespace, svg?.childNodes[0]?.namespace]).toEqual([
      'http://www.w3.org/2000/svg',
      'http://www.w3.org/2000/svg',
    ]);
  });

  test('keeps what stays, so that it keeps its focus', () => {
    render(element('ul', {}, item('a'), item('b'), item('c')));
    const [a, b, c] = items();
    render(element('ul', { class: 'new' }, item('c', 'c again'), item('a'), item('d')));
    expect(items().map(({ textContent }) => textContent)).toEqual(['c again', 'a', 'd']);
    expect([items()[0] === c, items()[1] === a, items().includes(b ?? new SmallNode(''))]).toEqual([true, true, false]);
    expect(root.childNodes[0]?.getAttribute('class')).toBe('new');
  });

  test('what somebody has opened stays open, other attributes go', () => {
    render(element('details', { class: 'a', title: 'b' }, 'text'));
    root.childNodes[0]?.setAttribute('open', '');
    render(element('details', { class: 'c' }, 'text'));
    expect(root.childNodes[0]?.getAttributeNames().toSorted()).toEqual(['class', 'open']);
  });

  test('makes no element and no attribute that it may not', () => {
    const evil = { tag: 'script', attributes: {}, children: ['alert(1)'] };
    const handler = {
      tag: 'p',
      attributes: { onclick: 'alert(1)', style: 'x', class: 'a' },
      children: [evil],
    };
    render(handler);
    const [made] = root.childNodes;
    expect(made?.getAttributeNames()).toEqual(['class']);
    expect(made?.childNodes.map(({ localName }) => localName)).toEqual(['']);
    expect(made?.textContent).toBe('');
  });

  test('a text stays a text', () => {
    render(element('p', {}, '<b>bold</b>'));
    expect(root.childNodes[0]?.childNodes.map(({ nodeType }) => nodeType)).toEqual([3]);
    expect(root.textContent).toBe('<b>bold</b>');
  });

  test('keeps what the editor is to give back, and forgets what it is told to', () => {
    const tree = element('p', {}, 'run');
    page.fire('message', { data: { type: 'render', tree, state: { plan: '1' } } });
    page.fire('message', { data: { type: 'render', tree } });
    page.fire('message', { data: { type: 'render', tree, state: null } });
    expect(kept).toEqual([{ plan: '1' }, null]);
  });

  test('a button that is refused can be reached and does nothing', () => {
    render(element('p', {}, element('button', { 'data-action': 'run', 'aria-disabled': 'true' }, 'Run')));
    root.fire('click', { target: root.childNodes[0]?.childNodes[0] });
    expect(posted.slice(1)).toEqual([]);
  });

  test('Escape takes the harmless answer', () => {
    const clicked: string[] = [];
    root.find = (selector) => ({ click: () => clicked.push(selector) });
    root.fire('keydown', { key: 'Enter' });
    root.fire('keydown', { key: 'Escape' });
    expect(clicked).toEqual(['[data-default]']);
  });

  test('tells which action was chosen', () => {
    render(element('p', {}, element('button', { 'data-action': 'inspect' }, 'Ask')));
    root.fire('click', { target: root.childNodes[0]?.childNodes[0] });
    root.fire('click', { target: root.childNodes[0] });
    expect(posted.slice(1)).toEqual([{ type: 'action', action: 'inspect' }]);
  });
});

describe('the focus of a page', () => {
  const button = (name: string): DetailNode => element('button', { 'data-key': name, 'data-action': name }, name);
  const actions = (...names: readonly string[]): DetailNode =>
    element('div', { 'data-key': 'actions', tabindex: -1 }, names.map(button));
  let focused: string[];

  beforeEach(() => {
    focused = [];
    root.find = (selector) => ({ focus: () => focused.push(selector) });
    render(actions('run', 'report'));
    focused.length = 0;
  });

  /** What the editor does when an element that has the focus is taken out. */
  function take(name: string): void {
    focus.activeElement = items().find((one) => one.getAttribute('data-key') === name);
  }

  function renderAfter(tree: DetailNode): void {
    const held = focus.activeElement;
    Object.defineProperty(focus, 'activeElement', {
      configurable: true,
      get: () => (held instanceof SmallNode && root.contains(held) ? held : focus.body),
    });
    render(tree);
  }

  test('goes to the row of buttons when the one that was pressed is gone, and to none of them', () => {
    root.find = (selector) => (selector === '[data-default]' ? null : { focus: () => focused.push(selector) });
    take('run');
    renderAfter(actions('pause', 'report'));
    expect(focused).toEqual(['[data-key="actions"]']);
    render(actions('putBack', 'report'));
    expect(focused).toHaveLength(1);
  });

  test('goes to the harmless answer where there is one', () => {
    take('run');
    renderAfter(actions('pause'));
    expect(focused).toEqual(['[data-default]']);
  });

  test('is not taken from a dialog: it goes there when the page has it again, once', () => {
    root.find = (selector) => (selector === '[data-default]' ? null : { focus: () => focused.push(selector) });
    focus.hasFocus = () => false;
    take('run');
    renderAfter(actions('pause'));
    expect(focused).toEqual([]);
    focus.hasFocus = () => true;
    page.fire('focus', {});
    page.fire('focus', {});
    expect(focused).toEqual(['[data-key="actions"]']);
  });

  test('stays where it is while what has it stays', () => {
    take('report');
    renderAfter(actions('pause', 'report'));
    expect(focused).toEqual([]);
  });
});
