// Light or dark: as the system has it until somebody chooses.

import { remember, remembered } from './memory.ts';

const chosen = remembered('theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;

export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function toggleTheme(): void {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  remember('theme', theme);
}
