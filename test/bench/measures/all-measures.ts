import type { Measure } from '../measure.ts';
import { buildOutput } from './build-output.ts';
import { lines } from './lines.ts';
import { requests } from './requests.ts';
import { rotation } from './rotation.ts';
import { shortRequests } from './short-requests.ts';
import { waitingRequest } from './waiting-request.ts';

/** In the order in which they run. */
export const MEASURES: readonly Measure[] = [buildOutput, lines, waitingRequest, shortRequests, rotation, requests];
