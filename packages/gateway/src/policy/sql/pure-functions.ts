const names = `
  abs acos asin atan atan2 avg bit_and bit_or bit_xor bool_and bool_or cbrt ceil ceiling corr cos cosh cot count
  count_if countif covar_pop covar_samp cume_dist degrees dense_rank div every exp factorial first_value floor gcd
  greatest grouping ifnull iif isnull lag last_value lcm lead least ln log log10 log2 max median min mod mode
  nth_value ntile nullif nvl percent_rank percentile_cont percentile_disc pi pow power radians rank regr_slope round
  row_number safe_divide sign sin sinh sqrt stddev stddev_pop stddev_samp sum tan tanh total trunc truncate
  var_pop var_samp variance width_bucket coalesce if decode

  array_agg array_append array_cat array_length array_position array_remove array_replace array_to_string
  array_upper array_lower cardinality generate_array generate_series group_concat listagg string_agg string_to_array
  unnest

  ascii bit_length btrim char char_length character_length charindex chr concat concat_ws contains datalength
  ends_with endswith field find_in_set format hex initcap insert_str instr left len length lower lpad ltrim md5
  octet_length overlay patindex position printf quotename regexp_count regexp_instr regexp_like regexp_match
  regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace
  replicate reverse right rpad rtrim sha1 sha2 sha224 sha256 sha384 sha512 soundex space split split_part
  starts_with startswith str strpos substr substring substring_index to_char to_hex to_number translate trim
  ucase lcase unhex unicode unistr upper encode quote_ident quote_literal quote_nullable glob like

  add_months age cast convert curdate current_date current_time current_timestamp curtime date date_add date_bin
  date_diff date_format date_part date_sub date_trunc dateadd datediff datefromparts datename datepart datetime
  day dayname dayofmonth dayofweek dayofyear eomonth extract format_date format_timestamp from_unixtime getdate
  hour isfinite julianday justify_days justify_hours justify_interval last_day localtime localtimestamp
  make_date make_interval make_time make_timestamp make_timestamptz minute month monthname now parse_date
  parse_timestamp period_add period_diff quarter safe_cast second sec_to_time str_to_date strftime
  sysdatetime time time_format time_to_sec timediff timestamp timestamp_diff timestampadd timestampdiff
  timeofday to_date to_days to_timestamp trunc_date try_cast try_convert unix_timestamp unixepoch utc_date
  utc_timestamp week weekday weekofyear year yearweek clock_timestamp statement_timestamp transaction_timestamp

  json_agg json_array json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_extract json_extract_path json_extract_path_text json_group_array
  json_group_object json_keys json_length json_object json_object_agg json_object_keys json_query json_type
  json_typeof json_unquote json_valid json_value jsonb_agg jsonb_array_elements jsonb_array_elements_text
  jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path
  jsonb_extract_path_text jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_pretty
  jsonb_strip_nulls jsonb_typeof parse_json row_to_json to_json to_jsonb openjson isjson any_value
  array_construct object_construct flatten get_path

  current_catalog current_database current_role current_schema current_user database session_user user version
  pg_typeof pg_get_viewdef pg_get_indexdef pg_get_constraintdef pg_table_size pg_total_relation_size
  pg_relation_size pg_indexes_size pg_size_pretty pg_database_size obj_description col_description
  has_table_privilege has_schema_privilege to_regclass format_type schema_name object_name object_id db_name
  typeof uuid gen_random_uuid newid random rand
  to_tsvector to_tsquery plainto_tsquery websearch_to_tsquery ts_rank ts_headline similarity word_similarity
  st_distance st_within st_contains st_intersects st_x st_y st_astext st_asgeojson st_area st_length
`;

/**
 * Functions of the usual databases that have no effect but their result, in lower case. Sequences, sleeping, locks,
 * files, settings, signals, large objects and everything that runs text as SQL are left out on purpose.
 */
export const pureFunctions: ReadonlySet<string> = new Set(names.trim().split(/\s+/));
