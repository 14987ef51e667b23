// The page's language and its wordings.

import chinese from '../../locales/zh-CN.json';
import type { Language } from '../../pkg/dist/index.js';
import { english, type MessageId } from './messages.ts';
import { remember, remembered } from './memory.ts';

const translated: Record<string, string> = chinese;

let current: Language = (() => {
  const chosen = remembered('language');
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
})();

export function language(): Language {
  return current;
}

export function setLanguage(chosen: Language): void {
  current = chosen;
  remember('language', chosen);
}

/** The wording of a message, its `{name}` places filled. */
export function t(id: MessageId, values: Record<string, string | number> = {}): string {
  const wording = (current === 'zh-CN' && translated[id]) || english[id];
  return wording.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function isMessage(text: string): text is MessageId {
  return Object.hasOwn(english, text);
}

/** A length of time, rounded up to the unit in which people think of it. */
export function duration(seconds: number): string {
  const show = (count: number, unit: string) =>
    new Intl.NumberFormat(current, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
  if (seconds < 120) return show(Math.ceil(seconds), 'second');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return show(minutes, 'minute');
  const [large, small, per] = minutes < 48 * 60 ? (['hour', 'minute', 60] as const) : (['day', 'hour', 1440] as const);
  const count = Math.floor(minutes / per);
  const rest = Math.floor((minutes % per) / (per === 60 ? 1 : 60));
  return rest ? `${show(count, large)} ${show(rest, small)}` : show(count, large);
}

/** How long a text is: thousands or millions of characters. */
export function size(characters: number): string {
  return new Intl.NumberFormat(current, { notation: 'compact', maximumFractionDigits: 1 }).format(characters);
}
