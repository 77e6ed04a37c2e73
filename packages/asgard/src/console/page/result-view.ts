import { isRecord } from '../message.ts';
import { h } from './dom.ts';
import { formatSize } from './format.ts';
import { jsonView, textView } from './json-view.ts';

/** Kinds of pictures and sounds that are shown; whatever else is named only. */
const IMAGE = /^image\/(?:png|jpeg|gif|webp|avif|svg\+xml)$/;
const AUDIO = /^audio\/[\w.+-]+$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What a tool gave back: structured, or block by block. */
export function resultView(result: unknown): HTMLElement {
  const { content, structuredContent, isError } = isRecord(result) ? result : {};
  const blocks = Array.isArray(content) ? content.filter(isRecord) : [];
  const view = h('div', { class: isError === true ? 'result error' : 'result' });
  if (isError === true) view.append(h('p', { class: 'remark' }, 'The tool answered with an error.'));
  if (structuredContent !== undefined) view.append(labelled('structured', jsonView(structuredContent)));
  // A text that only repeats the structured result says nothing new.
  const spoken = blocks.filter((block) => !isSame(block, structuredContent));
  view.append(...spoken.map(blockView));
  if (structuredContent === undefined && blocks.length === 0) view.append(h('p', { class: 'muted' }, 'Nothing.'));
  return view;
}

function isSame(block: Readonly<Record<string, unknown>>, structured: unknown): boolean {
  if (block.type !== 'text' || typeof block.text !== 'string' || structured === undefined) return false;
  try {
    return JSON.stringify(JSON.parse(block.text)) === JSON.stringify(structured);
  } catch {
    return false;
  }
}

/** One block of content, by its kind. */
export function blockView(block: Readonly<Record<string, unknown>>): HTMLElement {
  const { type, text, data, mimeType, uri, resource } = block;
  if (type === 'text' && typeof text === 'string') return textView(text);
  if (type === 'image' || type === 'audio') return mediaView(type, String(mimeType), data);
  if (type === 'resource_link') return labelled('resource link', h('p', {}, h('code', {}, String(uri))));
  if (type === 'resource' && isRecord(resource)) return resourceView(resource);
  return labelled(String(type), jsonView(block));
}

function mediaView(type: 'image' | 'audio', mimeType: string, data: unknown): HTMLElement {
  const known = (type === 'image' ? IMAGE : AUDIO).test(mimeType);
  if (!known || typeof data !== 'string' || !BASE64.test(data)) {
    return labelled(type, h('p', { class: 'muted' }, `${mimeType} cannot be shown here.`));
  }
  const src = `data:${mimeType};base64,${data}`;
  const size = `${mimeType}, ${formatSize(Math.floor((data.length * 3) / 4))}`;
  return labelled(
    size,
    type === 'image' ? h('img', { src, alt: 'Image from the tool' }) : h('audio', { src, controls: true }),
  );
}

/** What a resource holds. */
export function contentsView(result: unknown): HTMLElement {
  const { contents } = isRecord(result) ? result : {};
  const parts = Array.isArray(contents) ? contents.filter(isRecord) : [];
  return h('div', { class: 'result' }, ...parts.map(resourceView));
}

function resourceView({ uri, mimeType, text, blob }: Readonly<Record<string, unknown>>): HTMLElement {
  const label = [String(uri), typeof mimeType === 'string' ? mimeType : ''].join(' ').trim();
  if (typeof text === 'string') return labelled(label, textView(text));
  return labelled(
    label,
    h('p', { class: 'muted' }, `${typeof blob === 'string' ? formatSize(blob.length) : 'no'} base64 text`),
  );
}

export function labelled(label: string, view: HTMLElement): HTMLElement {
  return h('figure', {}, h('figcaption', {}, label), view);
}
