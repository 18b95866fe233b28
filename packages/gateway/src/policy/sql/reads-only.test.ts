import { describe, expect, test } from 'vitest';
import { readsOnly, type SqlDialect, sqlDialects } from './reads-only.js';

const reads: [SqlDialect, string][] = [
  ['postgresql', 'SELECT 1'],
  ['postgresql', "select id, lower(name), x::int, a->>'b' from t where c ilike 'x%' order by 1 limit 5"],
  [
    'postgresql',
    'with recent as (select * from t where made > now()) select count(*) from recent group by id',
  ],
  ['postgresql', 'select a from t union all select b from u;'],
  ['postgresql', 'select * from t -- drop table t'],
  ['postgresql', "select 'delete from t; drop table u'"],
  ['postgresql', 'explain select * from t'],
  ['postgresql', 'show server_version'],
  ['postgresql', 'select sum(x) over (partition by y order by z) from t'],
  ['postgresql', 'select * from generate_series(1, 10)'],
  ['mysql', 'SELECT `a`, IFNULL(b, 0) FROM `t` WHERE c LIKE "x%" LIMIT 10'],
  ['mysql', 'show tables'],
  ['mariadb', 'select group_concat(a) from t group by b'],
  ['sqlite', 'select json_extract(a, "$.b") from t'],
  ['transactsql', 'select top 5 [a], len(b) from [dbo].[t] where c is null'],
  ['transactsql', 'select a from t with (nolock)'],
  ['mysql', 'select 1 -- one'],
  ['postgresql', "select 'it''s', a --x\nfrom t /* all */"],
  ['bigquery', 'select a, any_value(b) from `p.d.t` group by a'],
  ['snowflake', 'select a, count(*) from t group by a'],
  ['redshift', 'select a from t limit 3'],
];

const writes: [SqlDialect, string][] = [
  ['postgresql', 'insert into t values (1)'],
  ['postgresql', 'update t set a = 1'],
  ['postgresql', 'delete from t'],
  ['postgresql', 'drop table t'],
  ['postgresql', 'truncate t'],
  ['postgresql', 'select 1; drop table t'],
  ['postgresql', 'select 1; select 2'],
  ['postgresql', 'select * into u from t'],
  ['postgresql', 'select * from t for update'],
  ['postgresql', 'select * from t for share'],
  ['postgresql', 'with gone as (delete from t returning *) select * from gone'],
  ['postgresql', 'with n as (insert into t values (1) returning *) select * from n'],
  ['postgresql', "select nextval('s')"],
  ['postgresql', "select setval('s', 1)"],
  ['postgresql', 'select pg_sleep(10)'],
  ['postgresql', 'select pg_terminate_backend(1)'],
  ['postgresql', "select lo_import('/etc/passwd')"],
  ['postgresql', "select pg_read_file('/etc/passwd')"],
  ['postgresql', "select set_config('role', 'admin', false)"],
  ['postgresql', "select dblink_exec('x', 'drop table t')"],
  ['postgresql', "select query_to_xml('drop table t', true, true, '')"],
  ['postgresql', 'select my_function()'],
  ['postgresql', 'select myschema.lower(a) from t'],
  ['postgresql', 'select * from delete_all()'],
  ['postgresql', 'select a from t where exists (select purge(b) from u)'],
  ['postgresql', 'select case when true then purge() end'],
  ['postgresql', 'select a from t order by purge()'],
  ['postgresql', 'explain analyze delete from t'],
  ['postgresql', 'explain (analyze) select 1'],
  ['postgresql', 'explain delete from t'],
  ['postgresql', "copy t to program 'rm -rf /'"],
  ['postgresql', 'call p()'],
  ['postgresql', 'do $$ begin delete from t; end $$'],
  ['postgresql', 'set role admin'],
  ['postgresql', 'begin'],
  ['postgresql', 'vacuum'],
  ['postgresql', 'grant all on t to public'],
  ['postgresql', 'listen x'],
  ['postgresql', 'prepare p as delete from t'],
  ['postgresql', ''],
  ['postgresql', '   '],
  ['postgresql', '-- only a comment'],
  ['postgresql', 'selekt 1'],
  ['postgresql', '\u0000select 1; drop table t'],
  ['postgresql', `select ${'1,'.repeat(20_000)}1`],
  ['mysql', 'select 1 /*!50000 into outfile "/tmp/x" */'],
  ['mysql', 'select 1 into outfile "/tmp/x"'],
  ['mysql', 'select @a := 1'],
  ['mysql', 'select sleep(10)'],
  ['mysql', 'select * from t for update'],
  ['mysql', 'select * from t lock in share mode'],
  ['mysql', 'select load_file("/etc/passwd")'],
  ['mysql', 'select get_lock("x", 10)'],
  ['mysql', 'replace into t values (1)'],
  ['sqlite', 'pragma writable_schema = 1'],
  ['sqlite', 'attach database "x" as y'],
  ['sqlite', 'select load_extension("x")'],
  ['transactsql', "exec xp_cmdshell 'dir'"],
  ['transactsql', 'select * into u from t'],
  ['transactsql', "select * from openrowset('x', 'y', 'drop table t')"],
  ['bigquery', 'delete from d.t where true'],
  ['postgresql', "select '\\'; drop table t; --'"],
  ['postgresql', "select '\\' , nextval($$s$$) --'"],
  ['postgresql', 'select "\\"; drop table t; --"'],
  ['postgresql', 'select 1 --\r; drop table t'],
  ['postgresql', "select 1 /* /* */ ' */ ; drop table t -- '"],
  ['postgresql', 'select "Lower"(a) from t'],
  ['redshift', "select '\\'; drop table t; --'"],
  ['sqlite', "select '\\'; drop table t; --'"],
  ['transactsql', "select '\\'; drop table t; --'"],
  ['snowflake', 'select s.nextval'],
  ['mysql', "select 1 --1 into outfile '/tmp/x'"],
  ['mariadb', 'select 1 --1; drop table t'],
  ['transactsql', 'select 1 shutdown'],
  ['transactsql', 'select a from t rollback'],
  ['transactsql', 'select a from (select 1 as a) commit'],
  ['transactsql', 'select * from t with (updlock)'],
];

describe('a text that only reads', () => {
  test.each(reads)('in %s: %s', (dialect, text) => {
    expect(readsOnly(text, dialect)).toBe(true);
  });
});

describe('a text that writes, or may', () => {
  test.each(writes)('in %s: %s', (dialect, text) => {
    expect(readsOnly(text, dialect)).toBe(false);
  });
});

test('there is a grammar for each dialect', () => {
  expect(sqlDialects.filter((dialect) => !readsOnly('select 1', dialect))).toEqual([]);
});

test('a text that is hard to parse is answered soon', () => {
  const started = process.cpuUsage();
  expect(readsOnly(`select ${'('.repeat(200)}1${')'.repeat(200)}`)).toEqual(expect.any(Boolean));
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000);
});
