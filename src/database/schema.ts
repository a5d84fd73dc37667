import type { PlatformName } from '../domain/person.ts';

/** Tables as Kysely sees them: times in epoch ms, flags as 0 and 1, structures as JSON text. */
export interface Tables {
  jobs: {
    id: string;
    version: number;
    state: string;
    testbox: string;
    active: number;
    created_at: number;
    /** Null while it goes on, and for jobs that ended before this was written down. */
    ended_at: number | null;
    /** Key of the person who asked for it. */
    requester: string;
    body: string;
  };
  effects: {
    id: string;
    job_id: string;
    body: string;
    due_at: number;
    tries: number;
    last_error: string | null;
    done_at: number | null;
  };
  audit: {
    id: string;
    at: number;
    job_id: string | null;
    testbox: string | null;
    body: string;
  };
  hearings: { job_id: string; body: string };
  hardware: { testbox: string; body: string };
  locks: { testbox: string; body: string };
  host_keys: { place: string; host_key: string };
  messages: { job_id: string; name: string; ref: string };
  /** Without a ref, the outcome of the try is unknown. */
  posts: { nonce: string; begun_at: number; ref: string | null };
  /** Open summary cards; without a ref, the post was only begun. */
  summaries: { platform: string; channel: string; nonce: string; ref: string | null };
  /** What reading images through has found; without a hash, of an image that has no index. */
  verifications: {
    testbox: string;
    generation: number;
    slot: string;
    image_hash: string | null;
    verified_at: number;
    problem: string | null;
  };
  /** What was found to be wrong; of a whole generation without a slot's name. */
  damages: {
    testbox: string;
    generation: number;
    slot: string;
    image_hash: string | null;
    problem: string;
    /** Null while people have to be told. */
    told_at: number | null;
  };
  /** Results that were promised to people; null while the images are to be read. */
  asked_proofs: {
    id: string;
    testbox: string;
    platform: PlatformName;
    person: string;
    channel: string;
    asked_at: number;
    result: string | null;
  };
  settings: { name: string; value: string };
}
