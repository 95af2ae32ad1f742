#!/usr/bin/env node
import '../dist/identity.js';
