export interface Message<T = unknown> {
  readonly topic: string;
  /** the value; of a topic of bytes a Uint8Array, and `type` is their media type */
  readonly value: T;
  readonly type: string;
  readonly name: string;
  readonly seq: number;
  readonly epoch: string;
  /** when the broker took it, microseconds since 1970 */
  readonly ts: number;
  /** when it was published, microseconds since the broker started */
  readonly mono: number;
  /** how old it was when it arrived, in ms */
  readonly ageMs: number;
  /** how many messages this subscription has lost before it, on the way or as its loop was too slow */
  readonly dropped: number;
  /** how many were left out as the subscription asked */
  readonly skipped: number;
  readonly retained: boolean;
  readonly from?: string;
  /** whether its topic is a command topic */
  readonly command: boolean;
  /** whether uncounted messages may be missing before it: what the client missed while it was away is not kept */
  readonly gap: boolean;
}

export interface Position {
  epoch: string;
  seq: number;
}

export type Token = string | (() => string | Promise<string>);

export interface RobotOptions {
  /** a token, or what is asked for one at every connect and before a token's end */
  token?: Token;
  /** the constructor of sockets; unless given the runtime's own, or that of the package ws */
  WebSocket?: unknown;
  onState?: (state: State, robot: Robot) => void;
  /** hears errors that answer no request, and those of the renewal */
  onError?: (error: Error) => void;
  /** how long an answer, and the first connection, may take; 10,000 unless given */
  timeoutMs?: number;
  /** how often the connection is looked after; 5,000 unless given */
  pingMs?: number;
  /** the longest wait before another attempt to connect, 30,000 unless given */
  maxBackoffMs?: number;
  /** the largest frame that is taken; 16 MiB unless given */
  maxFrameBytes?: number;
}

export interface SubscribeOptions {
  policy?: 'queue' | 'latest' | 'reliable';
  queue?: number;
  overflow?: 'drop_oldest' | 'drop_newest';
  rateHz?: number;
  maxAgeMs?: number;
  retained?: boolean;
  minLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** whether bytes come as they are; true unless given */
  binary?: boolean;
  since?: Position | Record<string, Position>;
  /** whether what was missed is asked for after a reconnect; true unless given, but not with the policy latest, rateHz, maxAgeMs or minLevel, which leave messages out */
  resume?: boolean;
  /** how many messages may wait for the loop, as many as queue says or 1,024 unless given, with 4 MiB in all; beyond that one is lost, told in dropped */
  buffer?: number;
  /** the name of the subscription on the wire */
  sub?: string;
}

export interface Subscription<T = unknown> extends AsyncIterableIterator<Message<T>> {
  readonly topic: string;
  readonly sub: string;
  readonly lost: number;
  /** resolves with the broker's first ack */
  readonly ready: Promise<Record<string, unknown>>;
  end(error?: Error | null): void;
}

export interface PublishOptions {
  /** the type's word; unless given float, bool, string, array, object or application/octet-stream by the value */
  type?: string;
  name?: string;
  echo?: boolean;
  /** how long from now it may take to arrive; later it is refused as stale */
  ttlMs?: number;
  mono?: number;
}

export interface TopicInfo {
  name: string;
  type?: string;
  kind: 'state' | 'command';
  rights: ('subscribe' | 'publish')[];
  retained: boolean;
  /** the number of its oldest message that is in the robot's memory */
  oldest?: number;
  rate: number;
  /** what is counted of it, for a client that may subscribe to $stats; ages in microseconds */
  stats?: { messages: number; queued: number; dropped: number; sent_age?: { samples: number; p50: number; p99: number; max: number } };
  schema?: Record<string, unknown>;
  /** of a topic that one client can have for itself: whether it has to, and who has it */
  lease?: { required: boolean; holder?: string; session?: string };
  /** of a stop topic: the value that stops the robot */
  stop?: { value: unknown };
}

export interface ServiceInfo {
  name: string;
  /** the JSON Schema of what it is asked */
  request?: Record<string, unknown>;
  /** the same of what it answers */
  reply?: Record<string, unknown>;
}

export interface CallOptions {
  /** how long the robot has for its answer, in ms; 10,000 unless given */
  timeoutMs?: number;
  /** hears what the service tells before its answer */
  onProgress?: (data: any) => void;
  /** gives the call up; the promise rejects with its reason */
  signal?: AbortSignal;
}

export type State = 'connecting' | 'open' | 'waiting' | 'closed';

export class RobotError extends Error {
  /** the broker's word, or not_connected, connection_lost, timeout, too_slow, closed, no_websocket, wrong_scheme */
  readonly code: string;
  readonly status?: number;
  readonly retry: boolean;
  readonly retryAfterMs?: number;
  readonly topic?: string;
  readonly oldest?: number;
  /** with lease_held, who has the lease */
  readonly holder?: string;
}

export class Robot {
  constructor(url: string | URL, options?: RobotOptions);
  readonly state: State;
  readonly reason: string;
  readonly hello: Record<string, any> | null;
  readonly rttMs: number;
  readonly dropped: number;
  readonly retryAt: number;
  readonly mono: number;
  /** how long nothing has come from the broker, in ms */
  readonly silentMs: number;
  readonly ready: Promise<void>;
  readonly closed: Promise<RobotError | undefined>;
  subscribe<T = unknown>(topic: string, options?: SubscribeOptions): Subscription<T>;
  publish(topic: string, value: unknown, options?: PublishOptions): Promise<{ seq: number; subscribers: number }>;
  latest<T = unknown>(topic: string, options?: SubscribeOptions & { timeoutMs?: number }): Promise<Message<T>>;
  topics(filter?: string): Promise<TopicInfo[]>;
  services(): Promise<ServiceInfo[]>;
  history(topic: string, options?: { since?: Position; limit?: number }): Promise<{ epoch?: string; messages: Message[]; complete: boolean }>;
  call<T = unknown>(service: string, data?: unknown, options?: CallOptions): Promise<T>;
  acquire(topic: string, options?: { ttlMs?: number }): Promise<{ ttlMs: number }>;
  release(topic: string): Promise<void>;
  /** stops the robot on each stop topic that the token permits; resolves with the topics, rejects if that is not acknowledged in time */
  stop(options?: { timeoutMs?: number }): Promise<string[]>;
  ping(): Promise<{ rttMs: number; ts: number; mono: number }>;
  authenticate(token: string): Promise<{ expires_in_ms?: number; ended: number }>;
  retryNow(): void;
  close(error?: Error | null): Promise<void>;
}

export function connect(url: string | URL, options?: RobotOptions): Promise<Robot>;
