import { BY_RECEIPT, type Table, type View } from './layout.ts';

/**
 * Tables and views of the store. Times are integers, microseconds since 1970: ClickHouse reads a number for a `DateTime64` as
 * ticks, which makes seconds a moment in 1970.
 *
 * What is stored twice, by a retry or by two collectors, has the same key and is merged into one; `FINAL` reads it so before.
 */

const RECEIVED = 'received_at DateTime DEFAULT now()';
const NAMES = 'release LowCardinality(Nullable(String)), environment LowCardinality(Nullable(String))';
/** A small index with a mark for every part of it: chunks of a time are in few of the parts. */
const BY_START = 'INDEX by_start start_us TYPE minmax GRANULARITY 1';
/**
 * A rollup is one row for each of its parts, of the making that its revision names. Ordered by `everything` first: where there
 * is one release in one environment, half of the rows say the same again.
 */
const ROLLUP = `start_us Int64, revision UInt64, everything UInt8, ${NAMES}`;

export const VERSIONS: Table = {
  name: 'schema_versions',
  columns: 'version UInt32, applied_at DateTime DEFAULT now()',
  engine: 'ReplacingMergeTree',
  orderBy: 'version',
  shardBy: 'version',
};

const PROFILES: readonly Table[] = [
  {
    name: 'chunks',
    columns: `project_id String, profiler_id String, start_us Int64, chunk_id String, end_us Int64,
      kind LowCardinality(String), name Nullable(String), platform LowCardinality(Nullable(String)),
      sdk LowCardinality(Nullable(String)), ${NAMES}, thread_ids Array(String), facts String CODEC(ZSTD(3)), ${RECEIVED},
      ${BY_START}`,
    engine: 'ReplacingMergeTree',
    orderBy: 'project_id, profiler_id, start_us, chunk_id',
    shardBy: 'cityHash64(project_id, profiler_id)',
    expires: BY_RECEIPT,
  },
  {
    // Apart from the index, whose marks are thousands of rows apart: to read one body must not read them all. Compressed by the
    // collector, which costs the server and the way to it a tenth; what base64 adds, the codec takes away.
    name: 'chunk_bodies',
    columns: `project_id String, profiler_id String, start_us Int64, chunk_id String, body String CODEC(ZSTD(1)), ${RECEIVED}`,
    engine: 'ReplacingMergeTree',
    orderBy: 'project_id, profiler_id, start_us, chunk_id',
    shardBy: 'cityHash64(project_id, profiler_id)',
    expires: BY_RECEIPT,
    settings: 'index_granularity = 8',
  },
];

const REQUEST = `trace_id String, span_id String, project_id String, name String, route LowCardinality(Nullable(String)),
  url_path Nullable(String), start_us Int64, end_us Int64, profiler_id Nullable(String),
  thread_id LowCardinality(Nullable(String)), ${NAMES}`;

const SPANS: readonly Table[] = [
  {
    name: 'spans',
    columns: `${REQUEST}, parent_span_id Nullable(String), segment_id Nullable(String), is_segment UInt8, is_request UInt8,
      op LowCardinality(Nullable(String)), attributes String CODEC(ZSTD(3)), ${RECEIVED}`,
    engine: 'ReplacingMergeTree',
    orderBy: 'trace_id, span_id, project_id',
    shardBy: 'cityHash64(trace_id)',
    expires: BY_RECEIPT,
  },
  {
    // By time. What is long is apart, so that what overlaps a range is found near it.
    name: 'requests',
    columns: `is_long UInt8, ${REQUEST}, received_at DateTime`,
    engine: 'ReplacingMergeTree',
    orderBy: 'is_long, start_us, project_id, trace_id, span_id',
    shardBy: 'cityHash64(trace_id)',
    expires: BY_RECEIPT,
  },
  {
    name: 'span_routes',
    columns: `trace_id String, segment_id String, project_id String, start_us Int64, span_id String,
      route LowCardinality(String), received_at DateTime`,
    engine: 'ReplacingMergeTree',
    orderBy: 'trace_id, segment_id, project_id, start_us, span_id',
    shardBy: 'cityHash64(trace_id)',
    expires: BY_RECEIPT,
  },
  {
    name: 'route_names',
    columns: 'route String, received_at DateTime',
    engine: 'ReplacingMergeTree(received_at)',
    orderBy: 'route',
    shardBy: 'cityHash64(route)',
    expires: 'received_at + toIntervalDay(DAYS + 1)',
  },
];

const ROLLUPS: readonly Table[] = [
  {
    name: 'functions',
    columns: 'number UInt64, key String',
    engine: 'ReplacingMergeTree',
    orderBy: 'number',
    shardBy: 'number',
  },
  {
    // Every write to a time adds a random number. A rollup says what the sum was when it began to read. Not a count: replicas
    // take two equal blocks for one that was sent twice.
    name: 'rollup_writes',
    columns: 'start_us Int64, writes UInt64',
    engine: 'SummingMergeTree',
    orderBy: 'start_us',
    shardBy: 'cityHash64(start_us)',
    expires: 'toDateTime(intDiv(start_us, 1000000)) + toIntervalDay(DAYS + 1)',
  },
  {
    name: 'rollup_expiries',
    columns: 'id UUID',
    engine: 'ReplacingMergeTree',
    orderBy: 'id',
    shardBy: 'cityHash64(id)',
  },
  {
    name: 'lacking_maps',
    columns: `epoch UInt64, debug_id String, ${RECEIVED}`,
    engine: 'ReplacingMergeTree',
    orderBy: 'epoch, debug_id',
    shardBy: 'cityHash64(debug_id)',
    expires: BY_RECEIPT,
  },
  {
    // Written last: what has no row here is not there.
    name: 'rollup_commits',
    columns: `start_us Int64, revision UInt64, token String, ${RECEIVED}`,
    engine: 'ReplacingMergeTree',
    orderBy: 'start_us, revision',
    shardBy: 'cityHash64(start_us)',
    expires: BY_RECEIPT,
  },
  {
    name: 'rollup_scopes',
    columns: `${ROLLUP}, patterns Array(String), not_received_us Float64, unsampled_us Float64,
      fallback_chunks UInt64, ${RECEIVED}`,
    engine: 'MergeTree',
    orderBy: 'start_us, revision',
    shardBy: 'cityHash64(start_us)',
    expires: BY_RECEIPT,
  },
  {
    // Takes accounts with their functions and call trees, and keeps nothing: views lay each out for what is asked of it.
    name: 'rollup_accounts',
    columns: `${ROLLUP}, account String, micros Float64, context_micros Float64, whole_requests UInt64,
      whole_costs Array(Tuple(Float64, UInt64)), series Array(Tuple(Int64, Float64)), crossing Array(Tuple(String, Int64, Int64, Nullable(Float64))),
      functions Array(Tuple(UInt64, Float64, Float64)), pruned UInt64,
      nodes Array(Tuple(UInt64, UInt64, UInt16, UInt64, Float64, Float64, Float64, Float64))`,
    engine: 'Null',
    shardBy: 'cityHash64(start_us)',
  },
  {
    name: 'account_sums',
    columns: `${ROLLUP}, account LowCardinality(String), micros Float64, context_micros Float64, whole_requests UInt64,
      whole_costs Array(Tuple(Float64, UInt64)), series Array(Tuple(Int64, Float64)), crossing Array(Tuple(String, Int64, Int64, Nullable(Float64))),
      pruned UInt64, ${RECEIVED}`,
    engine: 'MergeTree',
    orderBy: 'everything, start_us, revision, account',
    shardBy: 'cityHash64(start_us)',
    expires: BY_RECEIPT,
  },
  {
    name: 'function_sums',
    columns: `${ROLLUP}, account LowCardinality(String), number UInt64, self_us Float64, total_us Float64, ${RECEIVED}`,
    engine: 'MergeTree',
    orderBy: 'everything, start_us, revision, account, number',
    shardBy: 'cityHash64(start_us)',
    expires: BY_RECEIPT,
  },
  {
    // A node is the same in every tree where the same functions lead to it, so trees are summed up by node. Mostly one
    // account is asked for, so it comes before the time; the small index passes over what it has in parts of other days.
    name: 'node_sums',
    columns: `${ROLLUP}, account LowCardinality(String), node UInt64, parent UInt64, depth UInt16, number UInt64,
      self_cpu_us Float64, self_wall_us Float64, samples Float64, runs Float64, ${RECEIVED}, ${BY_START}`,
    engine: 'MergeTree',
    orderBy: 'everything, account, start_us, revision, node',
    shardBy: 'cityHash64(start_us)',
    expires: BY_RECEIPT,
  },
];

const OF_ROLLUP = 'start_us, revision, everything, release, environment, account';

export const VIEWS: readonly View[] = [
  {
    name: 'requests_of_spans',
    from: 'spans',
    to: 'requests',
    select: `end_us - start_us > 66000000 AS is_long, trace_id, span_id, project_id, name, route, url_path, start_us, end_us,
      profiler_id, thread_id, release, environment, received_at FROM SOURCE WHERE is_request = 1`,
  },
  {
    name: 'span_routes_of_spans',
    from: 'spans',
    to: 'span_routes',
    select: `trace_id, assumeNotNull(source.segment_id) AS segment_id, project_id, start_us, span_id,
      assumeNotNull(source.route) AS route, received_at
      FROM SOURCE AS source WHERE source.route IS NOT NULL AND source.segment_id IS NOT NULL`,
  },
  {
    name: 'route_names_of_spans',
    from: 'spans',
    to: 'route_names',
    select: `assumeNotNull(source.route) AS route, max(source.received_at) AS received_at
      FROM SOURCE AS source WHERE source.route IS NOT NULL GROUP BY route`,
  },
  {
    name: 'account_sums_of_rollups',
    from: 'rollup_accounts',
    to: 'account_sums',
    select: `${OF_ROLLUP}, micros, context_micros, whole_requests, whole_costs, series, crossing, pruned FROM SOURCE`,
  },
  {
    name: 'function_sums_of_rollups',
    from: 'rollup_accounts',
    to: 'function_sums',
    select: `${OF_ROLLUP}, one.1 AS number, one.2 AS self_us, one.3 AS total_us FROM SOURCE ARRAY JOIN functions AS one`,
  },
  {
    name: 'node_sums_of_rollups',
    from: 'rollup_accounts',
    to: 'node_sums',
    select: `${OF_ROLLUP}, one.1 AS node, one.2 AS parent, one.3 AS depth, one.4 AS number, one.5 AS self_cpu_us,
      one.6 AS self_wall_us, one.7 AS samples, one.8 AS runs FROM SOURCE ARRAY JOIN nodes AS one`,
  },
];

export const TABLES: readonly Table[] = [...PROFILES, ...SPANS, ...ROLLUPS];
