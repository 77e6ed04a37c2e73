const httpUrl = /^(https?):\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d+))?([/?].*)?$/is;

/**
 * The form in which two resource identifiers are compared: scheme and host in lower case, no default port, and no slash after
 * a bare host. Everything else, and whatever is not plainly an http(s) URL, stays as it is (MCP authorization,
 * "Canonical Server URI"; RFC 8707 section 2).
 */
export function canonicalAudience(audience: string): string {
  const [, scheme = '', host = '', port, tail = ''] = httpUrl.exec(audience) ?? [];
  if (host === '' || tail.includes('#')) return audience;
  const protocol = scheme.toLowerCase();
  const isDefault = port === undefined || port === (protocol === 'https' ? '443' : '80');
  return `${protocol}://${host.toLowerCase()}${isDefault ? '' : `:${port}`}${tail === '/' ? '' : tail}`;
}

/** Whether an `aud` claim names one of the accepted audiences, given in canonical form. Never throws. */
export function isAudienceAccepted(aud: unknown, accepted: ReadonlySet<string>): boolean {
  const named = Array.isArray(aud) ? aud : [aud];
  return named.some((entry) => typeof entry === 'string' && accepted.has(canonicalAudience(entry)));
}
