import type { NextApiRequest, NextApiResponse } from 'next';
import { parseReport } from '../../lib/parse-report';

export default function handler(_request: NextApiRequest, response: NextApiResponse) {
  response.status(200).json({ total: parseReport(20_000) });
}
