#!/bin/bash
# One Ceph cluster (mon, osd, radosgw) in a folder of its own, until standard input ends: a killed test run leaves nothing.
# Usage: radosgw.sh FOLDER HTTP_PORT MON_PORT_V2 MON_PORT_V1 OSD_PORT_FIRST ACCESS_KEY SECRET_KEY
set -eu
folder=$1 port=$2 v2=$3 v1=$4 osd=$5 key=$6 secret=$7
conf=$folder/ceph.conf
children=()
stop() {
  for child in "${children[@]}"; do kill -KILL "$child" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' TERM INT HUP

mkdir -p "$folder"/{mon,osd,run,log,rgw}
fsid=$(cat /proc/sys/kernel/random/uuid)
# "crc secure": radosgw asks monitors for encryption alone, which needs the authentication that is off here.
cat >"$conf" <<E
[global]
fsid = $fsid
mon_initial_members = a
mon_host = [v2:127.0.0.1:$v2/0,v1:127.0.0.1:$v1/0]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc secure
ms_bind_port_min = $osd
ms_bind_port_max = $((osd + 200))
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 0
mon_osd_full_ratio = 0.97
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 6G
osd_data = $folder/osd
mon_data = $folder/mon
run_dir = $folder/run
admin_socket = $folder/run/\$name.asok
pid_file = $folder/run/\$name.pid
log_file = $folder/log/\$name.log
mon_cluster_log_file = $folder/log/cluster.log
crash_dir = $folder/log
rgw_frontends = beast endpoint=127.0.0.1:$port
rgw_data = $folder/rgw
rgw_enable_ops_log = false
rgw_enable_usage_log = false
rgw_crypt_require_ssl = false
rgw_crypt_s3_kms_backend = testing
rgw_crypt_s3_kms_encryption_keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
E
run() { timeout 60 "$@" </dev/null >>"$folder/log/start.log" 2>&1 || { tail -5 "$folder/log/start.log" >&2; exit 1; }; }
start() { "$@" </dev/null >>"$folder/log/daemons.log" 2>&1 & children+=($!); }

run monmaptool --create --addv a "[v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]" --fsid "$fsid" "$folder/monmap"
run ceph-mon -c "$conf" -i a --mkfs --monmap "$folder/monmap"
start ceph-mon -f -c "$conf" -i a
run ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$(cat /proc/sys/kernel/random/uuid)"
run ceph -c "$conf" osd new "$(cat "$folder/osd/fsid")" 0
run ceph -c "$conf" osd crush add osd.0 1.0 host=localhost root=default
start ceph-osd -f -c "$conf" -i 0
start radosgw -f -c "$conf" -n client.rgw
run radosgw-admin -c "$conf" user create --uid=test --display-name=test --access-key="$key" --secret="$secret"
echo ready
while read -r _; do :; done
