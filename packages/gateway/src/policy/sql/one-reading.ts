/**
 * Whether databases and grammars agree where the strings and comments of a SQL text end. They do not where a backslash
 * stands before a quote, comments stand within comments, or other characters than these count as blanks and line ends.
 */
export function hasOneReading(text: string, dialect: string): boolean {
  return ![...everywhere, ...(inDialect[dialect] ?? [])].some((doubt) => doubt.test(text));
}

const everywhere: readonly RegExp[] = [
  /\\['"`]/,
  /\/\*(?:(?!\*\/)[\s\S])*?\/\*/,
  /\r(?!\n)|[^\P{Cc}\t\n\r]|[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u,
  // MySQL and MariaDB run what stands in such comments.
  /\/\*M?!/,
];

/** To MySQL `--1` is no comment, to SQLite `#` is none; BigQuery has strings in three quotes, Snowflake comments after `//`. */
const mysql = [/--(?![ \t\r\n]|$)/];
const inDialect: Readonly<Record<string, readonly RegExp[]>> = {
  mysql,
  mariadb: mysql,
  sqlite: [/#/],
  bigquery: [/'''|"""/],
  snowflake: [/\/\//],
};
