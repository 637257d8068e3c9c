//! One tower: an ONNX Runtime session with its names, checked against the manifest.

use crate::EncoderError;
use domain::Vector;
use ort::{
    environment::Environment,
    ep,
    session::{Session, SessionInputValue, builder::GraphOptimizationLevel},
    value::{Outlet, TensorElementType, ValueType},
};
use std::{
    borrow::Cow,
    path::Path,
    sync::{Mutex, PoisonError},
};

/// A graph, ready to run.
#[derive(Debug)]
pub(crate) struct Graph {
    /// Running a session takes it mutably; calls wait for one another.
    session: Mutex<Session>,
    /// The largest batch that the graph takes: 1 where it was exported for one input at a time.
    most: usize,
}

/// A graph that gives vectors.
#[derive(Debug)]
pub(crate) struct Tower {
    graph: Graph,
    output: String,
    dimension: usize,
}

/// An input that the manifest says a graph has.
pub(crate) struct Expected<'a> {
    pub name: &'a str,
    pub kind: TensorElementType,
    /// The shape without the batch.
    pub shape: &'a [usize],
}

/// How to build a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub environment: &'a Environment,
    pub threads: usize,
    pub cuda: bool,
}

impl Graph {
    /// Loads the graph at `path` and checks it against what the manifest says: its inputs, and its outputs with their numbers a row.
    pub(crate) fn load(
        path: &Path,
        plan: Plan<'_>,
        inputs: &[Expected<'_>],
        outputs: &[(&str, usize)],
    ) -> Result<Self, EncoderError> {
        let unusable = |reason: String| EncoderError::Model(format!("{}: {reason}", path.display()));
        let session = build(path, plan).map_err(|error| unusable(error.to_string()))?;
        let mut most = usize::MAX;
        for expected in inputs {
            let batch = check_input(session.inputs(), expected).map_err(unusable)?;
            most = most.min(batch.unwrap_or(usize::MAX));
        }
        if let Some(extra) = session.inputs().iter().find(|input| inputs.iter().all(|known| known.name != input.name()))
        {
            return Err(unusable(format!(
                "the graph wants an input \"{}\" that model.toml does not name",
                extra.name()
            )));
        }
        for (output, numbers) in outputs {
            check_output(session.outputs(), output, *numbers).map_err(unusable)?;
        }
        Ok(Self { session: Mutex::new(session), most })
    }

    /// Runs the graph on `count` inputs; gives each output's numbers, row after row.
    pub(crate) fn run<'v>(
        &self,
        count: usize,
        inputs: Vec<(Cow<'v, str>, SessionInputValue<'v>)>,
        outputs: &[(&str, usize)],
    ) -> Result<Vec<Vec<f32>>, EncoderError> {
        let failed = |error: ort::Error| EncoderError::Runtime(error.to_string());
        // A panic while the lock was held leaves nothing of the session half-done: it has no state between runs.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let given = session.run(inputs).map_err(failed)?;
        let read = |(name, numbers): &(&str, usize)| {
            let value =
                given.get(*name).ok_or_else(|| EncoderError::Model(format!("the graph gave no output \"{name}\"")))?;
            let (shape, found) = value.try_extract_tensor::<f32>().map_err(failed)?;
            if found.len() != count * numbers {
                let shape: &[i64] = shape;
                return Err(EncoderError::Model(format!(
                    "the graph's output \"{name}\" has shape {shape:?}, not {count} x {numbers}"
                )));
            }
            Ok(found.to_vec())
        };
        outputs.iter().map(read).collect()
    }
}

impl Tower {
    /// [`Graph::load`], with one output of `dimension` numbers.
    pub(crate) fn load(
        path: &Path,
        plan: Plan<'_>,
        inputs: &[Expected<'_>],
        output: &str,
        dimension: usize,
    ) -> Result<Self, EncoderError> {
        let graph = Graph::load(path, plan, inputs, &[(output, dimension)])?;
        Ok(Self { graph, output: output.to_owned(), dimension })
    }

    /// The largest batch that the graph takes.
    pub(crate) fn most(&self) -> usize {
        self.graph.most
    }

    /// Runs the graph on `count` inputs and gives as many vectors, of length 1.
    pub(crate) fn run<'v>(
        &self,
        count: usize,
        inputs: Vec<(Cow<'v, str>, SessionInputValue<'v>)>,
    ) -> Result<Vec<Vector>, EncoderError> {
        let rows = self.graph.run(count, inputs, &[(&self.output, self.dimension)])?;
        let vector =
            |row: &[f32]| Vector::normalise(row.to_vec()).map_err(|error| EncoderError::Runtime(error.to_string()));
        rows.iter().flat_map(|rows| rows.chunks_exact(self.dimension)).map(vector).collect()
    }
}

fn build(path: &Path, plan: Plan<'_>) -> ort::Result<Session> {
    let mut builder = Session::builder(plan.environment)?.with_optimization_level(GraphOptimizationLevel::All)?;
    if plan.threads > 0 {
        builder = builder.with_intra_threads(plan.threads)?;
    }
    if plan.cuda {
        builder = builder.with_execution_providers([ep::CUDA::default().build().error_on_failure()])?;
    }
    builder.commit_from_file(path)
}

/// Checks one input; gives the batch size where the graph was exported with a fixed one.
fn check_input(inputs: &[Outlet], expected: &Expected<'_>) -> Result<Option<usize>, String> {
    let Expected { name, kind, shape: wanted } = expected;
    let Some(found) = inputs.iter().find(|input| input.name() == *name) else {
        return Err(format!("the graph has no input \"{name}\"; it has {}", names(inputs)));
    };
    let ValueType::Tensor { ty, shape, .. } = found.dtype() else {
        return Err(format!("the graph's input \"{name}\" is not a tensor"));
    };
    if ty != kind {
        return Err(format!("the graph's input \"{name}\" is {ty}, not {kind}"));
    }
    let fits = shape.len() == wanted.len() + 1
        && shape
            .iter()
            .skip(1)
            .zip(*wanted)
            .all(|(found, wanted)| *found < 0 || usize::try_from(*found) == Ok(*wanted));
    if !fits {
        let shape: &[i64] = shape;
        return Err(format!(
            "the graph's input \"{name}\" has shape {shape:?} (-1: any), not [batch, then {wanted:?}]"
        ));
    }
    match shape.first() {
        Some(1) => Ok(Some(1)),
        None | Some(..=-1) => Ok(None),
        Some(batch) => {
            Err(format!("the graph takes exactly {batch} inputs at a time; export it for any number, or for 1"))
        }
    }
}

fn check_output(outputs: &[Outlet], name: &str, dimension: usize) -> Result<(), String> {
    let Some(found) = outputs.iter().find(|output| output.name() == name) else {
        return Err(format!("the graph has no output \"{name}\"; it has {}", names(outputs)));
    };
    let ValueType::Tensor { ty: TensorElementType::Float32, shape, .. } = found.dtype() else {
        return Err(format!("the graph's output \"{name}\" is not a tensor of float32"));
    };
    let shape: &[i64] = shape;
    match shape {
        [_, numbers] if *numbers < 0 || usize::try_from(*numbers) == Ok(dimension) => Ok(()),
        [_] if dimension == 1 => Ok(()),
        _ => Err(format!("the graph's output \"{name}\" has shape {shape:?} (-1: any), not [batch, {dimension}]")),
    }
}

fn names(outlets: &[Outlet]) -> String {
    outlets.iter().map(|outlet| format!("\"{}\"", outlet.name())).collect::<Vec<_>>().join(", ")
}
