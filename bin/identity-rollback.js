#!/usr/bin/env node
import '../dist/identity-rollback.js';
