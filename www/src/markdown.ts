// The Markdown of wordings and rule explanations: headings, paragraphs, lists, fenced code, inline code and emphasis.

import { h } from './dom.ts';

/** A line of Markdown: inline code, strong and emphasis. The wordings of the core have inline code too. */
export function inline(text: string): (Node | string)[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/).map((part) => {
    if (part.length > 2 && part.startsWith('`')) return h('code', {}, part.slice(1, -1));
    if (part.length > 4 && part.startsWith('**')) return h('strong', {}, part.slice(2, -2));
    if (part.length > 2 && part.startsWith('*')) return h('em', {}, part.slice(1, -1));
    return part;
  });
}

function block(lines: string[]): HTMLElement {
  const first = lines[0] ?? '';
  const heading = /^#+\s+(.*)/.exec(first);
  if (heading) return h('h3', {}, ...inline(heading[1] ?? ''));
  if (/^[-*]\s/.test(first)) {
    const items = lines
      .join('\n')
      .split(/^[-*]\s+/m)
      .filter(Boolean);
    return h('ul', {}, ...items.map((item) => h('li', {}, ...inline(item.replace(/\s+/g, ' ').trim()))));
  }
  return h('p', {}, ...inline(lines.join(' ')));
}

export function markdown(source: string): HTMLElement[] {
  const blocks: HTMLElement[] = [];
  let lines: string[] = [];
  let code: string[] | undefined;
  const finish = () => {
    if (lines.length) blocks.push(block(lines));
    lines = [];
  };
  for (const line of source.split('\n')) {
    if (line.startsWith('```')) {
      if (code) blocks.push(h('pre', {}, h('code', {}, code.join('\n'))));
      else finish();
      code = code ? undefined : [];
    } else if (code) {
      code.push(line);
    } else if (line.trim()) {
      if (/^#+\s/.test(line)) finish();
      lines.push(line);
      if (/^#+\s/.test(line)) finish();
    } else {
      finish();
    }
  }
  finish();
  return blocks;
}
