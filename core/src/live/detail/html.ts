/**
 * The detail view as a tree of plain values: elements of few kinds with few attributes, and texts. It is made here, sent to the page as
 * it is, and built there without ever reading a text as HTML; so nothing a cluster says can become more than text.
 */
export type DetailNode = string | DetailElement;

export interface DetailElement {
  readonly tag: DetailTag;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly DetailNode[];
}

export const htmlTags = [
  'article',
  'button',
  'caption',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'figcaption',
  'figure',
  'h1',
  'h2',
  'h3',
  'header',
  'li',
  'ol',
  'p',
  'section',
  'span',
  'strong',
  'summary',
  'table',
  'tbody',
  'td',
  'th',
  'thead',
  'time',
  'tr',
  'ul',
] as const;

export const svgTags = ['svg', 'g', 'rect', 'circle', 'line', 'path', 'text', 'title'] as const;

export type DetailTag = (typeof htmlTags)[number] | (typeof svgTags)[number];

/** No address, no style, no handler: nothing that loads or runs anything. */
export const attributeNames = [
  'aria-describedby',
  'aria-disabled',
  'aria-hidden',
  'aria-label',
  'aria-labelledby',
  'class',
  'cx',
  'cy',
  'd',
  'data-action',
  'data-default',
  'data-key',
  'datetime',
  'height',
  'id',
  'r',
  'role',
  'scope',
  'tabindex',
  'text-anchor',
  'title',
  'type',
  'viewBox',
  'width',
  'x',
  'x1',
  'x2',
  'y',
  'y1',
  'y2',
] as const;

export type DetailAttribute = (typeof attributeNames)[number];

export type DetailAttributes = Partial<Readonly<Record<DetailAttribute, string | number | undefined>>>;

/** Children that are undefined or false are left out. */
export type DetailChild = DetailNode | undefined | false | readonly DetailChild[];

export function element(
  tag: DetailTag,
  attributes: DetailAttributes,
  ...children: readonly DetailChild[]
): DetailElement {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'number' ? numberText(value) : value] as const],
  );
  return { tag, attributes: Object.fromEntries(written), children: flat(children) };
}

function flat(children: readonly DetailChild[]): DetailNode[] {
  return children.flatMap((child): readonly DetailNode[] => {
    if (child === undefined || child === false) return [];
    return isList(child) ? flat(child) : [child];
  });
}

function isList(child: DetailChild): child is readonly DetailChild[] {
  return Array.isArray(child);
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

/** The tree as HTML text, for the first look of the page. */
export function htmlOf(node: DetailNode): string {
  if (typeof node === 'string') return escapeHtml(node);
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return `<${node.tag}${attributes.join('')}>${node.children.map(htmlOf).join('')}</${node.tag}>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What somebody hears who cannot see it: all texts, without what is hidden from them. */
export function textOf(node: DetailNode): string {
  if (typeof node === 'string') return node;
  if (node.attributes['aria-hidden'] === 'true') return '';
  const label = node.attributes['aria-label'];
  return [...(label === undefined ? [] : [label]), ...node.children.map(textOf)]
    .filter((text) => text !== '')
    .join(' ');
}
