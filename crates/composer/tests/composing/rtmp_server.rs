//! Debian's nginx with its RTMP module, as a streaming service that knows one stream key.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The key that it takes.
pub const KEY: &str = "kunci-benar";

pub struct RtmpServer {
    folder: tempfile::TempDir,
    port: u16,
    http_port: u16,
    nginx: Option<Child>,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl RtmpServer {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { folder, port: free_port(), http_port: free_port(), nginx: None };
        server.start_again();
        server
    }

    pub fn start_again(&mut self) {
        let Self { port, http_port, .. } = self;
        let folder = self.folder.path().display();
        let configuration = format!(
            "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
             daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
             events {{ worker_connections 64; }}
             rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{
                 live on; record all; record_path {folder}; record_unique on;
                 notify_method get; on_publish http://127.0.0.1:{http_port}/publish; }} }} }}
             http {{ access_log off; client_body_temp_path {folder}/body;
                 proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
                 uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                 server {{ listen 127.0.0.1:{http_port}; location /publish {{
                     if ($arg_name != {KEY}) {{ return 403; }} return 204; }} }} }}"
        );
        let path = self.folder.path().join("nginx.conf");
        fs::write(&path, configuration).unwrap();
        let nginx = Command::new("/usr/sbin/nginx")
            .arg("-c")
            .arg(&path)
            .arg("-p")
            .arg(self.folder.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.nginx = Some(nginx);
        let patience = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", *port)).is_err() {
            assert!(Instant::now() < patience, "nginx does not start");
            thread::yield_now();
        }
    }

    pub fn stop(&mut self) {
        if let Some(mut nginx) = self.nginx.take() {
            nginx.kill().unwrap();
            nginx.wait().unwrap();
        }
    }

    pub fn url(&self, key: &str) -> String {
        format!("rtmp://127.0.0.1:{}/live/{key}", self.port)
    }

    /// What it has recorded of streams, the earliest first.
    pub fn recorded(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "flv"));
        files.sort();
        files
    }
}

impl Drop for RtmpServer {
    fn drop(&mut self) {
        self.stop();
    }
}
