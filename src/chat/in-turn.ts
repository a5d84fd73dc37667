/** One after the other, for chats count calls. What can't be reached once is not asked again and again. */
export async function inTurn<T, F extends { kind: string }>(
  items: readonly T[],
  look: (item: T) => Promise<F>,
): Promise<F[]> {
  const findings: F[] = [];
  for (const item of items) {
    const finding = await look(item);
    findings.push(finding);
    if (finding.kind === 'unreachable' || finding.kind === 'limited') break;
  }
  return findings;
}
