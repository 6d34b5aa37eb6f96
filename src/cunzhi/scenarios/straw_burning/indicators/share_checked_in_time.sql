-- title_zh: 按时核查占比
-- title_en: Share checked in time
-- unit_zh: %
-- unit_en: %
-- better: more
SELECT place_code AS place, month AS period,
       100.0 * SUM(CASE WHEN was_checked_in_time THEN 1 ELSE 0 END) / COUNT(*) AS value
FROM fires
WHERE was_sent_for AND NOT was_merged
GROUP BY place_code, month
