//! Elements of GStreamer that work in the thread of whoever hands them something.
//!
//! A pipeline of its own would have threads and queues, and what comes out at a moment would depend
//! on how fast the machine is. Here a buffer goes in, and what it makes is there when that returns.

use gstreamer as gst;
use gstreamer_app as gst_app;

use gst::prelude::{Cast, ElementExt, ElementExtManual, GstBinExtManual, PadExt, PadExtManual};

/// Why elements give nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// GStreamer or one of its plugins is not installed.
    #[error("building `{0}`")]
    Build(String, #[source] gst::glib::Error),
    /// An element could not be started.
    #[error("starting `{0}`")]
    Start(String),
    /// An element gave up.
    #[error("`{elements}` failed: {detail}")]
    Failed {
        /// Which elements.
        elements: String,
        /// What it said.
        detail: String,
    },
}

/// Elements in a row.
#[derive(Debug)]
pub struct Chain {
    elements: String,
    pipeline: gst::Pipeline,
    input: gst::Pad,
    output: gst_app::AppSink,
}

impl Chain {
    /// Builds elements, in the words of `gst-launch`, for input of one form.
    ///
    /// # Errors
    /// When an element is not installed or does not start.
    pub fn new(elements: &str, caps: &gst::Caps) -> Result<Self, ChainError> {
        let name = || elements.to_owned();
        let built = |error| ChainError::Build(name(), error);
        let not_started = || ChainError::Start(name());
        let bin = gst::parse::bin_from_description(elements, true).map_err(built)?;
        let output =
            gst_app::AppSink::builder().sync(false).async_(false).wait_on_eos(false).build();
        let pipeline = gst::Pipeline::new();
        let added = pipeline.add_many([bin.upcast_ref::<gst::Element>(), output.upcast_ref()]);
        let linked = added.is_ok() && bin.link(&output).is_ok();
        let sink = bin.static_pad("sink").filter(|_| linked).ok_or_else(not_started)?;
        let input = gst::Pad::builder(gst::PadDirection::Src).build();
        input.set_active(true).map_err(|_| not_started())?;
        input.link(&sink).map_err(|_| not_started())?;
        pipeline.set_state(gst::State::Playing).map_err(|_| not_started())?;
        let chain = Self { elements: name(), pipeline, input, output };
        let segment = gst::FormattedSegment::<gst::ClockTime>::new();
        chain.input.push_event(gst::event::StreamStart::new("input"));
        chain.input.push_event(gst::event::Caps::new(caps));
        chain.input.push_event(gst::event::Segment::new(&segment));
        Ok(chain)
    }

    /// Hands a buffer over, and gives what comes out.
    ///
    /// # Errors
    /// When an element gave up; nothing more will come out.
    pub fn push(&self, buffer: gst::Buffer) -> Result<Vec<gst::Sample>, ChainError> {
        let pushed = self.input.push(buffer);
        self.check()?;
        if let Err(error) = pushed {
            let detail = error.to_string();
            return Err(ChainError::Failed { elements: self.elements.clone(), detail });
        }
        Ok(self.pull())
    }

    /// Makes a keyframe of the next picture that is handed over.
    pub fn force_keyframe(&self) {
        // As the library for video builds it, without a time: the next one.
        let words = gst::Structure::new_empty("GstForceKeyUnit");
        self.input.push_event(gst::event::CustomDownstream::new(words));
    }

    /// Nothing more will be handed over: gives what was held back.
    ///
    /// # Errors
    /// When an element gave up.
    pub fn finish(&self) -> Result<Vec<gst::Sample>, ChainError> {
        self.input.push_event(gst::event::Eos::new());
        self.check()?;
        Ok(self.pull())
    }

    fn pull(&self) -> Vec<gst::Sample> {
        let next = || self.output.try_pull_sample(gst::ClockTime::ZERO);
        std::iter::from_fn(next).collect()
    }

    /// Looks whether an element has complained.
    fn check(&self) -> Result<(), ChainError> {
        let bus = self.pipeline.bus();
        let complaint = bus.and_then(|bus| bus.pop_filtered(&[gst::MessageType::Error]));
        match complaint.as_ref().map(|message| message.view()) {
            Some(gst::MessageView::Error(error)) => {
                let detail = error.error().to_string();
                Err(ChainError::Failed { elements: self.elements.clone(), detail })
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        // Nothing can be done when it does not stop; the process ends soon.
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}
