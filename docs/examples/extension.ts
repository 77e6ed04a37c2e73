import { defineExtension, defineMethod, OdinServer } from '@asgard/odin';
import { loadSkills } from '@asgard/odin/skills';
import * as z from 'zod';

const charts = defineExtension({
  id: 'com.example/charts', // listed under capabilities.extensions, in both eras
  settings: { formats: ['svg'] },
  methods: {
    'charts/render': defineMethod({ params: z.object({ rows: z.array(z.number()) }) }, ({ rows }) => ({
      bars: rows.map((row) => '#'.repeat(row)),
    })),
  },
});

export const odin = new OdinServer({ name: 'extended', version: '1.0.0' });
odin.register(charts, await loadSkills('./skills')); // each folder with a SKILL.md is a skill
