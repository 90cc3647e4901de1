-- Which of these sha256 still have a row: blobs of the others may go.
-- to: wuji_system
create function wuji.file_hashes(hashes bytea[]) returns setof bytea language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select distinct f.sha256 from file f where f.sha256 = any(hashes) $$;
