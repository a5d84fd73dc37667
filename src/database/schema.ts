/** Tables as Kysely sees them: times in epoch ms, flags as 0 and 1, structures as JSON text. */
export interface Tables {
  jobs: {
    id: string;
    version: number;
    state: string;
    testbox: string;
    active: number;
    created_at: number;
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
  settings: { name: string; value: string };
}
