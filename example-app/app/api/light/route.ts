export const dynamic = 'force-dynamic';

/** Costs next to nothing: what a busy neighbour must not be charged to. */
export async function GET() {
  return Response.json({ ok: true });
}
