// Moments in seconds since 1970, as the core takes them, and as fields show them.

export function present(): number {
  return Date.now() / 1000;
}

/** A moment as a field `datetime-local` holds it. */
export function toField(moment: number): string {
  const local = new Date(moment * 1000);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, 19);
}

/** The moment that a field holds; none where it is empty or half filled in. */
export function ofField(value: string): number | undefined {
  const moment = new Date(value).getTime() / 1000;
  return Number.isNaN(moment) ? undefined : moment;
}
