import { enter } from '../enter.ts';

await enter('identity-rollback');
