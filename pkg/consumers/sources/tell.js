// What every consumer does with the package, and the small report that all have to give. Both languages are in it: the Chinese
// texts come out wrong where a bundle is read in another charset than it was written in.

// A key of two characters, one of them of two units; written so that the charset of a page changes nothing.
const wide = String.fromCodePoint(0x1f600, 0x952e);
const config = `model:\n  provider: gemini\n  api_key: AIza-fake-other-key\n  "${wide}": 1\n`;

export function tell({
  check,
  split,
  applyFixes,
  applySafeFixes,
  explainRule,
  rules,
  releases,
  markdown,
  sarif,
  redact,
}) {
  const { texts } = split(`It fails:\n\n${config}`);
  const input = { ...texts, dotenv: 'GOOGLE_API_KEY=AIza-fake-key-of-nobody\n', authStore: null };
  const told = { codes: rules().length, oldest: releases().at(-1).version, fixes: applyFixes(input, []) };
  for (const language of ['en', 'zh-CN']) {
    const options = { language, now: 0 };
    const { hermes, verdict, findings } = check(input, options);
    told[language] = {
      hermes: hermes.version,
      verdict: verdict.summary,
      findings: findings.map(({ code, what, location }) => [code, what, location.start.line]),
      safe: Object.keys(applySafeFixes(input, options)),
      title: markdown(input, options).split('\n')[0],
      results: sarif(input, options).runs[0].results.length,
      rule: explainRule('PC203', language).doc,
    };
  }
  // An old release's tables are put together from the newest one's.
  told.old = check(input, { hermes: '0.13.0', now: 0 }).verdict.summary;
  told.masked = redact('key sk-fake-0000000000000000');
  return told;
}
