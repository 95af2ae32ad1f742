#!/usr/bin/env node
import '../dist/identity-install.js';
