// What the page remembers between visits: the language and the theme. Nothing that was pasted is ever stored.

export type Remembered = 'language' | 'theme';

const name = (what: Remembered) => `poolcheck.${what}`;

export function remembered(what: Remembered): string | null {
  try {
    return localStorage.getItem(name(what));
  } catch {
    return null; // Browsers can forbid storage; the page works without.
  }
}

export function remember(what: Remembered, value: string): void {
  try {
    localStorage.setItem(name(what), value);
  } catch {
    // As above.
  }
}
